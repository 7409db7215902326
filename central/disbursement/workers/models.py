"""The workers' only table."""

from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base


class Worker(Base):
    """A process that runs workflows, and until when it need not show a sign of life. Gone is dead."""

    __tablename__ = "workers"

    worker_id: Mapped[str] = mapped_column(primary_key=True)
    expires_at_ms: Mapped[int]  # by the database's clock
