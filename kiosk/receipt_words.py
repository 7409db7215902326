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
    "practice": "Practice sale",
    "practice_text": "No coins were sent: this machine practises. Otherwise they would be on their way now.",
    "queued": "Recorded, not sent yet",
    "queued_text": "Your {cash} is recorded. The payment service cannot be reached now; your coins will be "
    "sent to your wallet, once, when it is back. You need to do nothing.",
    "refund": "To be settled",
    "refund_text": "Your cash is recorded and cannot be sent as coins. Please call us to have it settled.",
    "disputed": "Under review",
    "disputed_text": "Your {cash} is recorded. The machine cannot tell where this bill is: our staff will open it, "
    "find out, and settle it with you. Call us with the code below.",
    "unknown_bill_text": "Your bill is recorded. The machine cannot tell its value: our staff will open it, find out, "
    "and settle it with you. Call us with the code below.",
    "recorded_text": "Your {cash} is recorded.",
    "stuck": "Bill stuck",
    "stuck_text": "A bill may be stuck in the machine. If it does not come out, our staff will take it out and settle "
    "it with you. Call us with the code below.",
    "cash_in": "Cash in",
    "in_dispute": "Under review",
    "unknown": "value unknown",
    "fee": "Fee",
    "market_price": "Market price of 1 BTC",
    "source": "Source",
    "markup": "Mark-up",
    "your_price": "Your price of 1 BTC",
    "bought": "You get",
    "bought_in_practice": "You would get",
    "wallet": "To the wallet",
    "transaction": "Transaction",
    "claim_code": "Claim code",
    "sale": "Sale",
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
    "paid_text": "Sus monedas van camino de su billetera.",
    "practice": "Venta de práctica",
    "practice_text": "No se enviaron monedas: esta máquina practica. Si no, ya irían de camino.",
    "queued": "Registrado, aún no enviado",
    "queued_text": "Sus {cash} están registrados. Ahora no se puede contactar con el servicio de pago; sus monedas "
    "se enviarán a su billetera, una sola vez, cuando vuelva. No tiene que hacer nada.",
    "refund": "Por liquidar",
    "refund_text": "Su efectivo está registrado y no se puede enviar como monedas. Llámenos para liquidarlo.",
    "disputed": "En revisión",
    "disputed_text": "Sus {cash} están registrados. La máquina no puede decir dónde está este billete: nuestro personal la "
    "abrirá, lo averiguará y lo liquidará con usted. Llámenos con el código de abajo.",
    "unknown_bill_text": "Su billete está registrado. La máquina no puede decir su valor: nuestro personal la abrirá, lo "
    "averiguará y lo liquidará con usted. Llámenos con el código de abajo.",
    "recorded_text": "Sus {cash} están registrados.",
    "stuck": "Billete atascado",
    "stuck_text": "Puede haber un billete atascado en la máquina. Si no sale, nuestro personal lo sacará y lo liquidará con "
    "usted. Llámenos con el código de abajo.",
    "cash_in": "Efectivo",
    "in_dispute": "En revisión",
    "unknown": "valor desconocido",
    "fee": "Comisión",
    "market_price": "Precio de mercado de 1 BTC",
    "source": "Fuente",
    "markup": "Margen",
    "your_price": "Su precio de 1 BTC",
    "bought": "Usted recibe",
    "bought_in_practice": "Usted recibiría",
    "wallet": "A la billetera",
    "transaction": "Transacción",
    "claim_code": "Código de reclamo",
    "sale": "Venta",
    "help": "Ayuda:",
    "keep": "Guarde este recibo.",
}

WORDS: dict[str, Words] = {"en": _ENGLISH, "es": _SPANISH}
