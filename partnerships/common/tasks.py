"""Jobs, run and found again."""

from celery import shared_task

from partnerships.common import jobs, once


@shared_task(name="common.run_job")
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="common.sweep_jobs")
def sweep_jobs() -> None:
    jobs.sweep()


@shared_task(name="common.forget_answers")
def forget_answers() -> int:
    return once.forget()
