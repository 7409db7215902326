"""The receipt's words in each language of the kiosk."""

Words = dict[str, str]

_ENGLISH: Words = {
    "point": ".",
    "thousands": ",",
    "licence": "Licence",
    "network_practice": "PRACTICE - NO COINS ARE SENT",
    "network_regtest": "TEST NETWORK - COINS WITHOUT VALUE",
    "network_testnet": "TEST NETWORK - COINS WITHOUT VALUE",
    "paid": "Sent",
    "paid_text": "Your coins are on their way to your wallet.",
    "queued": "Recorded, not sent yet",
    "queued_text": "Your {cash} is recorded. The payment service cannot be reached now; your coins will be "
    "sent to your wallet, once, when it is back. You need to do nothing.",
    "refund": "To be settled",
    "refund_text": "Your cash is recorded and cannot be sent as coins. Please call us to have it settled.",
    "disputed": "Under review",
    "disputed_text": "We cannot say where a bill of {cash} is. It is recorded. Please call us with the code below.",
    "stuck_text": "A bill may be stuck in the machine. Please call us with the code below.",
    "cash_in": "Cash in",
    "in_dispute": "Under review",
    "fee": "Fee",
    "market_price": "Market price of 1 BTC",
    "source": "Source",
    "markup": "Mark-up",
    "your_price": "Your price of 1 BTC",
    "bought": "You get",
    "wallet": "To the wallet",
    "transaction": "Transaction",
    "claim_code": "Claim code",
    "help": "Help:",
    "keep": "Keep this receipt.",
}

_SPANISH: Words = {
    "point": ",",
    "thousands": ".",
    "licence": "Licencia",
    "network_practice": "PRÁCTICA - NO SE ENVÍAN MONEDAS",
    "network_regtest": "RED DE PRUEBA - MONEDAS SIN VALOR",
    "network_testnet": "RED DE PRUEBA - MONEDAS SIN VALOR",
    "paid": "Enviado",
    "paid_text": "Sus monedas van camino de su monedero.",
    "queued": "Registrado, aún no enviado",
    "queued_text": "Sus {cash} están registrados. Ahora no se puede contactar con el servicio de pago; sus monedas "
    "se enviarán a su monedero, una sola vez, cuando vuelva. No tiene que hacer nada.",
    "refund": "Por liquidar",
    "refund_text": "Su efectivo está registrado y no se puede enviar como monedas. Llámenos para liquidarlo.",
    "disputed": "En revisión",
    "disputed_text": "No podemos decir dónde está un billete de {cash}. Está registrado. Llámenos con el código de abajo.",
    "stuck_text": "Puede haber un billete atascado en la máquina. Llámenos con el código de abajo.",
    "cash_in": "Efectivo",
    "in_dispute": "En revisión",
    "fee": "Comisión",
    "market_price": "Precio de mercado de 1 BTC",
    "source": "Fuente",
    "markup": "Margen",
    "your_price": "Su precio de 1 BTC",
    "bought": "Usted recibe",
    "wallet": "Al monedero",
    "transaction": "Transacción",
    "claim_code": "Código de reclamación",
    "help": "Ayuda:",
    "keep": "Guarde este recibo.",
}

WORDS: dict[str, Words] = {"en": _ENGLISH, "es": _SPANISH}
