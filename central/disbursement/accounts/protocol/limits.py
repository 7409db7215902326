"""Every limit of the protocol, by name. Sections are those of the Swaptacular Messaging Protocol 2.1."""

DAY_MS = 24 * 3600 * 1000
YEAR_MS = 36525 * DAY_MS // 100

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
WIDE_MAX = 10**60  # one amount of a wide coin; 10**17 of them still add up within 78 digits

ROOT = 0  # the creditor that is the debtor itself
RESERVED_CREDITORS_MAX = 2**32 - 1
RESERVED_DEBTORS_MAX = INT64_MIN + 2**32 - 1  # up to this one they are central's own
WALLET_DEBTOR, GAS_DEBTOR = INT64_MIN + 1, INT64_MIN + 2

MESSAGES_PER_BATCH_MAX = 500  # received, worked off or told in one transaction
CONFIG_DATA_BYTES_MAX = 2_000
NOTE_BYTES_MAX = 500
NOTE_BYTES_MIN = 150  # no debtor may allow less
ACCOUNT_ID_LENGTH_MAX = 100
LOCKS_PER_ACCOUNT_MAX = 10_000

# A party that was cut off for a week finds nothing lost: what wanders longer than this is not believed.
CONFIG_DELAY_MAX_MS = 8 * DAY_MS
UPDATE_TTL_S = 8 * 24 * 3600
PURGE_DELAY_MS = 10 * DAY_MS  # longer than any wandering update lives
UPDATE_GAP_MS = 3600 * 1000  # between two updates told of one account, unless it was configured
HEARTBEAT_MS = 7 * DAY_MS
ANNOUNCE_AGAIN_MS = 7 * DAY_MS
ASKED_AGE_MAX_MS = (
    366 * DAY_MS
)  # an older PrepareTransfer is refused, so what it once asked may be forgotten
SETTLED_KEPT_MS = 400 * DAY_MS  # longer, and longer than a client keeps its record
AGE_AT_REMOVAL_MIN_MS = DAY_MS  # so that a successor's creation date is later

RATE_CHANGE_GAP_MS = 8 * DAY_MS  # a client hears of one change before the next
DEMURRAGE_RATE_MIN_PPM = -500_000
INTEREST_RATE_MAX_PPM = 1_000_000
COMMIT_PERIOD_MIN_S = 30 * 24 * 3600
COMMIT_PERIOD_MAX_S = 366 * 24 * 3600
CAPITALIZE_AFTER_MS = 28 * DAY_MS
