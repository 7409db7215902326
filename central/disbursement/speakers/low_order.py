"""Ed25519 keys of low order: whoever knows none of their secrets can still sign for them.

RFC 8032, section 5.1 has the curve, -x² + y² = 1 + d·x²·y², and how a point is written (5.1.2).
"""

P = 2**255 - 19
D = -121_665 * pow(121_666, -1, P) % P
SIGN_BIT = 1 << 255


def is_low_order(public_key: bytes) -> bool:
    """Eight times such a point is the neutral one: it is (0, 1) itself, or doubled once, twice or thrice
    it is. By the law of doubling y then is 1, -1, 0, or a root of d·y⁴ + 2·y² - 1, where x² = -y²."""
    y = (int.from_bytes(public_key, "little") & ~SIGN_BIT) % P
    return y * (y * y - 1) * (D * y**4 + 2 * y * y - 1) % P == 0
