"""Sales channels: speakers that sell as kiosks do, without cash, and owe the operator what they were paid."""
