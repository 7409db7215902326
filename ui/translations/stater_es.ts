<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es">
<context>
    <name>Away</name>
    <message>
        <source>One moment, please</source>
        <translation>Un momento, por favor</translation>
    </message>
    <message>
        <source>The machine is getting ready.</source>
        <translation>La máquina se está preparando.</translation>
    </message>
    <message>
        <source>Out of service. All money this machine took is recorded.</source>
        <translation>Fuera de servicio. Todo el dinero que recibió esta máquina está registrado.</translation>
    </message>
    <message>
        <source>It stays recorded under this code. When the machine is back, it finishes your sale by itself, or our staff settle it with you; you need not wait here.</source>
        <translation>Queda registrado con este código. Cuando la máquina vuelva, terminará su venta por sí sola, o nuestro personal la resolverá con usted; no necesita esperar aquí.</translation>
    </message>
    <message>
        <source>The machine is out of service right now. Please call us if you need help.</source>
        <translation>La máquina no está en servicio en este momento. Llámenos si necesita ayuda.</translation>
    </message>
</context>
<context>
    <name>Cancelled</name>
    <message>
        <source>You may start again at any time.</source>
        <translation>Puede empezar de nuevo cuando quiera.</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Finish: no more bills</source>
        <translation>Terminar: no más billetes</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Listo</translation>
    </message>
</context>
<context>
    <name>ClaimCode</name>
    <message>
        <source>Your claim code</source>
        <translation>Su código de reclamo</translation>
    </message>
</context>
<context>
    <name>Disputed</name>
    <message>
        <source>The machine cannot tell where this bill is. Our staff will open the machine, find it and settle it with you.</source>
        <translation>La máquina no sabe dónde quedó este billete. Nuestro personal abrirá la máquina, lo buscará y lo resolverá con usted.</translation>
    </message>
    <message>
        <source>It cannot be sent as {coin}, so our staff will pay it back to you. Please call us.</source>
        <translation>No se puede enviar como {coin}; nuestro personal se lo devolverá. Por favor, llámenos.</translation>
    </message>
    <message>
        <source>If a bill is stuck, our staff will take it out and settle it with you. Please call us.</source>
        <translation>Si hay un billete atascado, nuestro personal lo sacará y lo resolverá con usted. Por favor, llámenos.</translation>
    </message>
    <message>
        <source>No cash was counted.</source>
        <translation>No se contó ningún billete.</translation>
    </message>
</context>
<context>
    <name>Faults</name>
    <message>
        <source>The bill slot needs attention from our staff.</source>
        <translation>La ranura de billetes necesita la atención de nuestro personal.</translation>
    </message>
    <message>
        <source>A bill is stuck. Please do not pull it.</source>
        <translation>Se atascó un billete. Por favor, no lo jale.</translation>
    </message>
    <message>
        <source>This machine cannot print receipts right now.</source>
        <translation>Esta máquina no puede imprimir recibos en este momento.</translation>
    </message>
    <message>
        <source>The scanner that reads wallet codes is not working.</source>
        <translation>El lector de los códigos de las billeteras no funciona.</translation>
    </message>
    <message>
        <source>A code is in front of the scanner. Please take it away first.</source>
        <translation>Hay un código delante del lector. Por favor, retírelo primero.</translation>
    </message>
    <message>
        <source>The scanner is covered or dirty.</source>
        <translation>El lector está tapado o sucio.</translation>
    </message>
    <message>
        <source>The cash box is full and is waiting to be emptied.</source>
        <translation>La caja de efectivo está llena y espera a que la vacíen.</translation>
    </message>
    <message>
        <source>Our staff are emptying the cash box.</source>
        <translation>Nuestro personal está vaciando la caja de efectivo.</translation>
    </message>
    <message>
        <source>The machine cannot reach our service right now.</source>
        <translation>La máquina no puede comunicarse con nuestro servicio en este momento.</translation>
    </message>
    <message>
        <source>The machine cannot keep its records safely right now.</source>
        <translation>La máquina no puede guardar sus registros con seguridad en este momento.</translation>
    </message>
    <message>
        <source>Our staff are looking after this machine.</source>
        <translation>Nuestro personal está atendiendo esta máquina.</translation>
    </message>
    <message>
        <source>The machine needs attention from our staff.</source>
        <translation>La máquina necesita la atención de nuestro personal.</translation>
    </message>
    <message>
        <source>Receipt paper is running low.</source>
        <translation>Queda poco papel para recibos.</translation>
    </message>
    <message>
        <source>The receipt paper has run out.</source>
        <translation>Se acabó el papel para recibos.</translation>
    </message>
    <message>
        <source>The machine is getting ready.</source>
        <translation>La máquina se está preparando.</translation>
    </message>
</context>
<context>
    <name>Frame</name>
    <message>
        <source>Time left: {time}</source>
        <translation>Tiempo restante: {time}</translation>
    </message>
    <message>
        <source>Help: {phone}</source>
        <translation>Ayuda: {phone}</translation>
    </message>
    <message>
        <source>PRACTICE MODE - no {coin} is sent</source>
        <translation>MODO DE PRÁCTICA - no se envía {coin}</translation>
    </message>
    <message>
        <source>TEST NETWORK - these coins have no value</source>
        <translation>RED DE PRUEBA - estas monedas no tienen valor</translation>
    </message>
</context>
<context>
    <name>Hints</name>
    <message>
        <source>Hold the code inside this picture.</source>
        <translation>Mantenga el código dentro de esta imagen.</translation>
    </message>
    <message>
        <source>Bring the phone a little closer.</source>
        <translation>Acerque un poco el teléfono.</translation>
    </message>
    <message>
        <source>Move the phone a little away.</source>
        <translation>Aleje un poco el teléfono.</translation>
    </message>
    <message>
        <source>Hold the phone still.</source>
        <translation>Mantenga quieto el teléfono.</translation>
    </message>
    <message>
        <source>Tilt the phone: a light shines on its screen.</source>
        <translation>Incline el teléfono: una luz se refleja en su pantalla.</translation>
    </message>
    <message>
        <source>Make the phone&apos;s screen brighter.</source>
        <translation>Suba el brillo de la pantalla del teléfono.</translation>
    </message>
    <message>
        <source>Show one code alone: there are others in view.</source>
        <translation>Muestre un solo código: hay otros a la vista.</translation>
    </message>
    <message>
        <source>Code found.</source>
        <translation>Código encontrado.</translation>
    </message>
</context>
<context>
    <name>Idle</name>
    <message>
        <source>Buy {coin} with cash</source>
        <translation>Compre {coin} con efectivo</translation>
    </message>
    <message>
        <source>You need your phone and your own wallet.</source>
        <translation>Necesita su teléfono y su propia billetera digital.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Empezar</translation>
    </message>
    <message>
        <source>Show the QR code of your own wallet</source>
        <translation>Muestre el código QR de su propia billetera</translation>
    </message>
    <message>
        <source>Insert cash</source>
        <translation>Inserte efectivo</translation>
    </message>
    <message>
        <source>Your coins are sent to your wallet</source>
        <translation>Sus monedas llegan a su billetera</translation>
    </message>
</context>
<context>
    <name>Inserting</name>
    <message>
        <source>Insert bills one by one</source>
        <translation>Inserte billetes uno a uno</translation>
    </message>
    <message>
        <source>Bills up to {bill}. In all, up to {limit}.</source>
        <translation>Billetes de hasta {bill}. En total, hasta {limit}.</translation>
    </message>
    <message>
        <source>That is all we can take in this sale</source>
        <translation>No podemos recibir más en esta venta</translation>
    </message>
    <message>
        <source>The limit of one sale is {limit}.</source>
        <translation>El límite de una venta es de {limit}.</translation>
    </message>
</context>
<context>
    <name>Jammed</name>
    <message>
        <source>The machine is trying to free it. If it cannot, our staff will, and nothing is lost.</source>
        <translation>La máquina intenta liberarlo. Si no puede, lo hará nuestro personal, y no se pierde nada.</translation>
    </message>
</context>
<context>
    <name>Networks</name>
    <message>
        <source>none: practice</source>
        <translation>ninguna: práctica</translation>
    </message>
    <message>
        <source>{network}, for tests</source>
        <translation>{network}, de prueba</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Something did not go as planned. Nothing is lost.</source>
        <translation>Algo no salió como estaba previsto. No se ha perdido nada.</translation>
    </message>
    <message>
        <source>That bill was given back: this sale has reached its limit.</source>
        <translation>Le devolvimos el billete: esta venta llegó a su límite.</translation>
    </message>
    <message>
        <source>Your bill is recorded. Our staff will check where it is.</source>
        <translation>Su billete está registrado. Nuestro personal comprobará dónde está.</translation>
    </message>
    <message>
        <source>Your claim code: {code}</source>
        <translation>Su código de reclamo: {code}</translation>
    </message>
    <message>
        <source>That bill is too large. The largest we can take now is {amount}.</source>
        <translation>Ese billete es demasiado grande. El mayor que podemos recibir ahora es de {amount}.</translation>
    </message>
    <message>
        <source>That bill went in crooked. Please flatten it and insert it again.</source>
        <translation>El billete entró torcido. Alíselo e insértelo de nuevo.</translation>
    </message>
    <message>
        <source>That bill was not recognised. Please try another one.</source>
        <translation>No reconocimos ese billete. Pruebe con otro.</translation>
    </message>
    <message>
        <source>That bill came too early. Please insert it again.</source>
        <translation>El billete llegó demasiado pronto. Insértelo de nuevo.</translation>
    </message>
    <message>
        <source>The machine gave that bill back. Please try again.</source>
        <translation>La máquina devolvió el billete. Inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>That bill was given back. Please try another one.</source>
        <translation>El billete fue devuelto. Pruebe con otro.</translation>
    </message>
    <message>
        <source>Please take back your bill.</source>
        <translation>Por favor, retire su billete.</translation>
    </message>
    <message>
        <source>That code could not be read. Hold the phone still, with the screen bright.</source>
        <translation>No pudimos leer el código. Mantenga el teléfono quieto y con la pantalla brillante.</translation>
    </message>
    <message>
        <source>That was not the same wallet. Please begin again with your own wallet&apos;s code.</source>
        <translation>No era la misma billetera. Empiece de nuevo con el código de su propia billetera.</translation>
    </message>
    <message>
        <source>That code is for another currency. Please show a {coin} address.</source>
        <translation>Ese código es de otra moneda. Muestre una dirección de {coin}.</translation>
    </message>
    <message>
        <source>That address is for another network. This machine cannot send to it.</source>
        <translation>Esa dirección es de otra red. Esta máquina no puede enviar allí.</translation>
    </message>
    <message>
        <source>That address has a mistake in it. Please make a new code in your wallet.</source>
        <translation>Esa dirección tiene un error. Genere un código nuevo en su billetera.</translation>
    </message>
    <message>
        <source>The time of that payment request is over. Please make a new one.</source>
        <translation>Esa solicitud de pago ha caducado. Genere una nueva.</translation>
    </message>
    <message>
        <source>That code asks for an exact amount. Please make one without an amount.</source>
        <translation>Ese código pide un importe exacto. Genere uno sin importe.</translation>
    </message>
    <message>
        <source>That is the address of a token, and nobody&apos;s wallet. In your wallet app, choose Receive.</source>
        <translation>Esa es la dirección de un token, no de una billetera. En la aplicación de su billetera, elija Recibir.</translation>
    </message>
    <message>
        <source>That code is a web page, not a wallet. In your wallet app, choose Receive.</source>
        <translation>Ese código es de una página web, no de una billetera. En la aplicación de su billetera, elija Recibir.</translation>
    </message>
    <message>
        <source>That code is a contact, not a wallet. In your wallet app, choose Receive.</source>
        <translation>Ese código es de un contacto, no de una billetera. En la aplicación de su billetera, elija Recibir.</translation>
    </message>
    <message>
        <source>That code is not a wallet. In your wallet app, choose Receive.</source>
        <translation>Ese código no es de una billetera. En la aplicación de su billetera, elija Recibir.</translation>
    </message>
    <message>
        <source>This machine cannot send to that kind of code. Please show a {coin} address.</source>
        <translation>Esta máquina no puede enviar a ese tipo de código. Muestre una dirección de {coin}.</translation>
    </message>
    <message>
        <source>That code is a secret key. Never show it to anyone: show the address to receive.</source>
        <translation>Ese código es una clave secreta. No se la muestre a nadie: muestre la dirección para recibir.</translation>
    </message>
    <message>
        <source>Our service cannot be reached right now.</source>
        <translation>En este momento no hay comunicación con nuestro servicio.</translation>
    </message>
    <message>
        <source>Our service could not accept this sale.</source>
        <translation>Nuestro servicio no pudo aceptar esta venta.</translation>
    </message>
    <message>
        <source>Our service gave an answer we could not use. Our staff have been told.</source>
        <translation>Nuestro servicio dio una respuesta que no pudimos usar. Ya avisamos a nuestro personal.</translation>
    </message>
    <message>
        <source>We do not have enough {coin} for this sale right now.</source>
        <translation>En este momento no tenemos suficiente {coin} para esta venta.</translation>
    </message>
    <message>
        <source>There was no answer for a while.</source>
        <translation>No hubo respuesta durante un rato.</translation>
    </message>
    <message>
        <source>You cancelled this sale.</source>
        <translation>Usted canceló esta venta.</translation>
    </message>
    <message>
        <source>Your {amount} bill is recorded. Our staff will check where it is.</source>
        <translation>Su billete de {amount} está registrado. Nuestro personal comprobará dónde está.</translation>
    </message>
    <message>
        <source>Too little to send. Insert more, or press Finish again and our staff will settle it with you.</source>
        <translation>Es muy poco para enviar. Inserte más, o presione Terminar otra vez y nuestro personal lo resolverá con usted.</translation>
    </message>
    <message>
        <source>Too little to send: at least {amount} is needed. Insert more, or press Finish again and our staff will settle it with you.</source>
        <translation>Es muy poco para enviar: se necesitan al menos {amount}. Inserte más, o presione Terminar otra vez y nuestro personal lo resolverá con usted.</translation>
    </message>
    <message>
        <source>The machine cannot keep its records right now.</source>
        <translation>La máquina no puede guardar sus registros en este momento.</translation>
    </message>
    <message>
        <source>The machine restarted. Nothing is lost.</source>
        <translation>La máquina se reinició. No se ha perdido nada.</translation>
    </message>
</context>
<context>
    <name>OutOfService</name>
    <message>
        <source>One moment, please</source>
        <translation>Un momento, por favor</translation>
    </message>
    <message>
        <source>Sorry. Please come back later.</source>
        <translation>Disculpe. Por favor, vuelva más tarde.</translation>
    </message>
    <message>
        <source>Out of service. No cash is taken now.</source>
        <translation>Fuera de servicio. Ahora no se recibe efectivo.</translation>
    </message>
</context>
<context>
    <name>Paid</name>
    <message>
        <source>This was practice: no {coin} was sent.</source>
        <translation>Fue una práctica: no se envió {coin}.</translation>
    </message>
    <message>
        <source>Your wallet shows it within minutes. It is final after about an hour.</source>
        <translation>Su billetera lo muestra en unos minutos. Es definitivo al cabo de una hora, más o menos.</translation>
    </message>
    <message>
        <source>Your {coin} is on its way</source>
        <translation>Su {coin} está en camino</translation>
    </message>
    <message>
        <source>The practice sale is done</source>
        <translation>La práctica ha terminado</translation>
    </message>
</context>
<context>
    <name>Paying</name>
    <message>
        <source>Sending your {coin}</source>
        <translation>Enviando su {coin}</translation>
    </message>
    <message>
        <source>Your {amount} is recorded. This takes a few seconds.</source>
        <translation>Sus {amount} están registrados. Esto tarda unos segundos.</translation>
    </message>
</context>
<context>
    <name>Preparing</name>
    <message>
        <source>Fixing this price for you</source>
        <translation>Fijando su precio</translation>
    </message>
    <message>
        <source>We set your {coin} aside before you insert cash. A few seconds.</source>
        <translation>Apartamos su {coin} antes de que inserte efectivo. Unos segundos.</translation>
    </message>
</context>
<context>
    <name>Proof</name>
    <message>
        <source>Quote it when you call {phone}.</source>
        <translation>Menciónelo al llamar al {phone}.</translation>
    </message>
    <message>
        <source>Questions? Call {phone}.</source>
        <translation>¿Preguntas? Llame al {phone}.</translation>
    </message>
    <message>
        <source>Cash in</source>
        <translation>Efectivo</translation>
    </message>
    <message>
        <source>Being checked</source>
        <translation>En revisión</translation>
    </message>
    <message>
        <source>You receive</source>
        <translation>Usted recibe</translation>
    </message>
    <message>
        <source>Would receive</source>
        <translation>Recibiría</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>Transacción</translation>
    </message>
    <message>
        <source>Confirmations</source>
        <translation>Confirmaciones</translation>
    </message>
    <message>
        <source>Your receipt is being printed.</source>
        <translation>Su recibo se está imprimiendo.</translation>
    </message>
    <message>
        <source>Please take your receipt.</source>
        <translation>Por favor, tome su recibo.</translation>
    </message>
    <message>
        <source>No receipt can be printed. Please photograph this screen.</source>
        <translation>No se puede imprimir un recibo. Tome una foto de esta pantalla.</translation>
    </message>
</context>
<context>
    <name>Queued</name>
    <message>
        <source>Our service cannot be reached right now. Your {coin} is sent by itself as soon as it can be; you need not wait here.</source>
        <translation>En este momento no hay comunicación con nuestro servicio. Su {coin} se enviará solo en cuanto sea posible; no necesita esperar aquí.</translation>
    </message>
</context>
<context>
    <name>Quoting</name>
    <message>
        <source>Getting the price</source>
        <translation>Buscando el precio</translation>
    </message>
    <message>
        <source>This takes a few seconds.</source>
        <translation>Esto tarda unos segundos.</translation>
    </message>
</context>
<context>
    <name>Recovering</name>
    <message>
        <source>The machine has restarted and is checking where every bill is. This takes under a minute.</source>
        <translation>La máquina se reinició y está comprobando dónde está cada billete. Tarda menos de un minuto.</translation>
    </message>
    <message>
        <source>One moment, please</source>
        <translation>Un momento, por favor</translation>
    </message>
</context>
<context>
    <name>Returning</name>
    <message>
        <source>Please take back your {bill}</source>
        <translation>Por favor, retire sus {bill}</translation>
    </message>
    <message>
        <source>It is coming out of the slot. It was not counted.</source>
        <translation>El billete sale por la ranura. No se contó.</translation>
    </message>
</context>
<context>
    <name>Reviewing</name>
    <message>
        <source>Insert more bills</source>
        <translation>Insertar más billetes</translation>
    </message>
    <message>
        <source>Send to this wallet now?</source>
        <translation>¿Enviar a esta billetera?</translation>
    </message>
    <message>
        <source>Once it is sent, nobody can call it back.</source>
        <translation>Una vez enviado, nadie puede recuperarlo.</translation>
    </message>
    <message>
        <source>Send {coins}</source>
        <translation>Enviar {coins}</translation>
    </message>
</context>
<context>
    <name>Safe</name>
    <message>
        <source>Your {amount} is recorded.</source>
        <translation>Sus {amount} están registrados.</translation>
    </message>
    <message>
        <source>Your bill is recorded.</source>
        <translation>Su billete está registrado.</translation>
    </message>
    <message>
        <source>No cash was taken.</source>
        <translation>No se recibió efectivo.</translation>
    </message>
    <message>
        <source>No cash is taken now.</source>
        <translation>Ahora no se recibe efectivo.</translation>
    </message>
</context>
<context>
    <name>Sale</name>
    <message>
        <source>You receive</source>
        <translation>Usted recibe</translation>
    </message>
    <message>
        <source>You would receive</source>
        <translation>Usted recibiría</translation>
    </message>
    <message>
        <source>{coin} to this wallet. Network: {network}</source>
        <translation>{coin} a esta billetera. Red: {network}</translation>
    </message>
    <message>
        <source>The code says, unchecked: “{label}”</source>
        <translation>El código dice, sin comprobar: «{label}»</translation>
    </message>
    <message>
        <source>It asks for {coins}. Your cash decides.</source>
        <translation>Pide {coins}. Decide su efectivo.</translation>
    </message>
    <message>
        <source>1 {coin} on the market</source>
        <translation>1 {coin} en el mercado</translation>
    </message>
    <message>
        <source>Mark-up</source>
        <translation>Recargo</translation>
    </message>
    <message>
        <source>1 {coin} for you</source>
        <translation>1 {coin} para usted</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Comisión</translation>
    </message>
    <message>
        <source>Price from</source>
        <translation>Precio de</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>ahora mismo</translation>
    </message>
    <message>
        <source>{n} s ago</source>
        <translation>hace {n} s</translation>
    </message>
    <message>
        <source>{n} min ago</source>
        <translation>hace {n} min</translation>
    </message>
</context>
<context>
    <name>SaleHeroes</name>
    <message>
        <source>Cash in</source>
        <translation>Efectivo</translation>
    </message>
</context>
<context>
    <name>Scanning</name>
    <message>
        <source>Show your wallet&apos;s QR code to the camera</source>
        <translation>Muestre a la cámara el código QR de su billetera</translation>
    </message>
    <message>
        <source>In your wallet app, choose Receive.</source>
        <translation>En la aplicación de su billetera, elija Recibir.</translation>
    </message>
    <message>
        <source>Show the code once more</source>
        <translation>Muestre el código otra vez</translation>
    </message>
    <message>
        <source>Take the phone away, then hold it to the camera again.</source>
        <translation>Retire el teléfono y vuelva a mostrarlo a la cámara.</translation>
    </message>
</context>
<context>
    <name>Stacking</name>
    <message>
        <source>Taking your {bill}</source>
        <translation>Recibiendo sus {bill}</translation>
    </message>
    <message>
        <source>The bill is going into the cash box. One second.</source>
        <translation>El billete está entrando en la caja. Un segundo.</translation>
    </message>
</context>
<context>
    <name>Wallet</name>
    <message>
        <source>Is this your wallet&apos;s address?</source>
        <translation>¿Es esta su billetera?</translation>
    </message>
    <message>
        <source>Compare the bright groups with the address on your phone.</source>
        <translation>Compare los grupos resaltados con la dirección en su teléfono.</translation>
    </message>
    <message>
        <source>Your declaration: I alone control this wallet, and nobody told me to send to it. A code that somebody gave you is a scam: cancel.</source>
        <translation>Su declaración: solo yo controlo esta billetera y nadie me dijo que envíe a ella. Un código que le dio otra persona es una estafa: cancele.</translation>
    </message>
    <message>
        <source>This is my own wallet</source>
        <translation>Esta es mi propia billetera</translation>
    </message>
    <message>
        <source>No, scan again</source>
        <translation>No, leer otra vez</translation>
    </message>
</context>
<context>
    <name>WalletCard</name>
    <message>
        <source>To this wallet</source>
        <translation>A esta billetera</translation>
    </message>
</context>
<context>
    <name>Warning</name>
    <message>
        <source>By going on you accept two things: {operator} sells at its own price, shown with its mark-up and fee before you insert cash; and {coin} that is sent cannot be called back.</source>
        <translation>Al continuar acepta dos cosas: {operator} vende a su propio precio, que se muestra con su recargo y su comisión antes de que inserte efectivo; y el {coin} enviado no se puede recuperar.</translation>
    </message>
    <message>
        <source>Did someone send you here?</source>
        <translation>¿Alguien le pidió venir?</translation>
    </message>
    <message>
        <source>If so, stop here. It is a scam.</source>
        <translation>Si es así, deténgase. Es una estafa.</translation>
    </message>
    <message>
        <source>I send to my own wallet</source>
        <translation>Envío a mi propia billetera</translation>
    </message>
    <message>
        <source>Someone is telling me
to do this, or I am not sure</source>
        <translation>Alguien me lo está pidiendo,
o no estoy seguro</translation>
    </message>
    <message>
        <source>No police, bank, tax office, employer or support line ever asks for payment at a crypto machine.</source>
        <translation>Ninguna policía, banco, oficina de impuestos, empleador o servicio técnico pide pagos en un cajero de criptomonedas.</translation>
    </message>
    <message>
        <source>Never send to a wallet that somebody else gave you, and never share your wallet&apos;s secret words.</source>
        <translation>Nunca envíe a una billetera que le dio otra persona, ni comparta las palabras secretas de la suya.</translation>
    </message>
    <message>
        <source>If somebody is on the phone with you now, hang up.</source>
        <translation>Si alguien está hablando con usted por teléfono, cuelgue.</translation>
    </message>
</context>
</TS>
