"""The workflow engine: DBOS, behind the one door `PayoutQueue`.

One queue, one partition for each wallet, one workflow at a time in a partition: a single writer for each
wallet, however many processes serve. Workflows carry nothing but an id; what they work on is in our own
tables, so another engine could take their place.
"""

from datetime import UTC, datetime, timedelta

from dbos import DBOS, DBOSClient, EnqueueOptions
from sqlalchemy.orm import Session

from disbursement.database import Database
from disbursement.house import House
from disbursement.sales.payouts import attempt

APP_NAME = "disbursement"
# Fixed: workflows of another version would not be recovered, and ours carry their state in our tables.
APP_VERSION = "1"
ONLY_EXECUTOR = "central"  # where one process serves: its next start takes up what it held
QUEUE = "payouts"
WORKFLOW = "payout"
POLL_S = 0.1
KEEP_FINISHED_DAYS = 30


def migrate(db: Database) -> None:
    """The engine's own tables; its start does the same."""
    DBOS.migrate(db.workflow_engine.url.render_as_string(hide_password=False))


class DbosPayoutQueue:
    def __init__(self, db: Database, partition: str) -> None:
        self._partition = partition
        self._engine = db.workflow_engine
        self._client: DBOSClient | None = None

    def start(self, house: House, executor_id: str = ONLY_EXECUTOR) -> None:
        DBOS(
            config={
                "name": APP_NAME,
                "application_version": APP_VERSION,
                "executor_id": executor_id,
                "system_database_engine": self._engine,
                "log_level": "WARNING",
                "enable_otlp": False,
            }
        )

        @DBOS.workflow(name=WORKFLOW)
        def payout(transfer_id: str, number: int) -> None:
            attempt(house, transfer_id, number)

        DBOS.launch()
        DBOS.register_queue(QUEUE, partition_concurrency=1, polling_interval_sec=POLL_S)
        self._forget_finished(self.connect())

    def connect(self) -> DBOSClient:
        """Enough to order attempts: the process that serves makes them."""
        self._client = DBOSClient(system_database_engine=self._engine, application_name=APP_NAME)
        return self._client

    def _forget_finished(self, client: DBOSClient) -> None:
        """The engine keeps every workflow for ever; what happened is in our own tables."""
        old = datetime.now(UTC) - timedelta(days=KEEP_FINISHED_DAYS)
        finished = client.list_workflows(
            name=WORKFLOW,
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=old.isoformat(),
            load_input=False,
            load_output=False,
        )
        client.delete_workflows([workflow.workflow_id for workflow in finished])

    def held(self) -> dict[str, str]:
        """The attempts that run now, each with its executor."""
        running = self._connected().list_workflows(
            name=WORKFLOW, status="PENDING", load_input=False, load_output=False
        )
        return {workflow.workflow_id: workflow.executor_id or "" for workflow in running}

    def resume(self, workflow_ids: list[str]) -> None:
        """For any executor to begin anew. Back into their own queue: the engine would choose another."""
        for workflow_id in workflow_ids:
            self._connected().resume_workflow(workflow_id, queue_name=QUEUE)

    def _connected(self) -> DBOSClient:
        if self._client is None:
            raise RuntimeError("the workflow engine is not started")
        return self._client

    def enqueue(self, session: Session, transfer_id: str, number: int, delay_s: float) -> None:
        client = self._connected()
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "workflow_id": f"payout-{transfer_id}-{number}",
            "queue_name": QUEUE,
            "queue_partition_key": self._partition,
            "app_version": APP_VERSION,
        }
        if delay_s > 0:
            options["delay_seconds"] = delay_s
        client.enqueue_in_transaction(session, options, transfer_id, number)

    def stop(self) -> None:
        """What is running is left where it is: the next start takes it up."""
        if self._client is not None:
            self._client.destroy()
        DBOS.destroy(destroy_registry=True)
