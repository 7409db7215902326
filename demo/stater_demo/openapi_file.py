"""docs/openapi.json: what the running service shows at /openapi.json.

python -m stater_demo.openapi_file [--check]
"""

import json
import sys
from pathlib import Path

from disbursement.api.app import build_app
from disbursement.config import SaleSection
from disbursement.database import Database
from disbursement.house import House
from disbursement.sales.prices import FixedPriceSource, MarketPrice
from disbursement.wallets.practice import PracticeWallet
from disbursement.workflows import DbosPayoutQueue

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"


def document() -> str:
    """Of the practice house: all speak the same."""
    db = Database("sqlite://")
    wallet = PracticeWallet(db, funds=0)
    prices = FixedPriceSource(MarketPrice(1, "fixed", 0))
    queue = DbosPayoutQueue(db, partition="practice")
    app = build_app(House(db, wallet, prices, SaleSection(), queue))
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    made = document()
    if "--check" not in sys.argv:
        FILE.write_text(made, encoding="utf-8")
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == made:
        return 0
    sys.stderr.write(
        "docs/openapi.json is stale; run: uv run python -m stater_demo.openapi_file\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
