"""Kiosks sign every request: RFC 9421 with Ed25519, key id = the kiosk's id.

What is covered: method, target URI's path, the body's digest. `created` bounds the age, `nonce` makes a
replay recognisable. The signature's label and tag are fixed, so that no other signature can stand in.
"""

LABEL = "kiosk"
TAG = "stater-kiosk"
COVERED = ("@method", "@path", "content-digest")
COVERED_WITHOUT_BODY = ("@method", "@path")
AGE_S_MAX = 300
