"""Work that outlives a request and a crash: how it is begun, claimed, gone on with and ended (table jobs)."""

from storage.jobs.jobs import SEALED, Job, NewJob, cancel_job, enqueue, get_job, list_jobs, look_again
from storage.jobs.queue import JobQueue

__all__ = ["SEALED", "Job", "JobQueue", "NewJob", "cancel_job", "enqueue", "get_job", "list_jobs", "look_again"]
