"""Alembic's entry: brings the connection it is handed up to date."""

from alembic import context

from disbursement.accounts.protocol import models as _protocol
from disbursement.channels import models as _channels
from disbursement.customers import models as _customers
from disbursement.customers.sanctions import models as _sanctions
from disbursement.database import VERSION_TABLE, Base
from disbursement.kiosks import models as _kiosks
from disbursement.parties import models as _parties
from disbursement.requests import models as _requests
from disbursement.sales import models as _sales
from disbursement.speakers import idempotency as _idempotency
from disbursement.wallets import models as _wallets
from disbursement.workers import models as _workers

# importing them fills Base.metadata
TABLES = (
    _customers,
    _protocol,
    _channels,
    _idempotency,
    _sanctions,
    _kiosks,
    _parties,
    _requests,
    _sales,
    _wallets,
    _workers,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
