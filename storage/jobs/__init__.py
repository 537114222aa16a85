"""Work that outlives a request and a crash: how it is begun, claimed, gone on with and ended (table jobs)."""

from storage.jobs.jobs import Job, NewJob, cancel_job, enqueue, get_job, list_jobs
from storage.jobs.queue import JobQueue

__all__ = ["Job", "JobQueue", "NewJob", "cancel_job", "enqueue", "get_job", "list_jobs"]
