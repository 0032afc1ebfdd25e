"""What runs by the clock (Celery beat), read by the settings."""

from typing import Any

from celery.schedules import crontab

# What a clock asked for while no worker was there is dropped: the next round asks again.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in (
        ("sweep", "notifications.sweep", 60.0),
        ("heartbeat", "notifications.heartbeat", 30.0),
        ("reminders", "notifications.remind", 300.0),
        ("jobs", "common.sweep_jobs", 30.0),
        ("documents", "documents.sweep", 6 * 3600.0),
        ("answers", "common.forget_answers", 3600.0),
        ("clocks", "internships.clocks", 60.0),
        ("joining", "joining.clocks", 600.0),
        ("bookings", "bookings.clocks", 60.0),
        ("privacy", "privacy.clocks", 600.0),
        ("indicators", "indicators.collect", 1800.0),
        ("numbers", "internships.keep_numbers", 1800.0),
    )
}
# In the night; one that was missed is made up for when the clock runs again.
CELERY_BEAT_SCHEDULE |= {
    name: {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 3600}}
    for name, task, hour, minute in (
        ("imports", "documents.forget_imports", 3, 20),
        ("days_off", "notifications.days_off", 3, 40),
        ("indicators_of_all_years", "indicators.collect_everything", 2, 40),
        ("numbers_of_all_years", "internships.keep_all_numbers", 2, 10),
        ("agreements", "agreements.roll", 0, 10),
        ("agreements_of_programmes", "internships.suggest_agreements", 0, 30),
        ("keeping", "privacy.keep", 3, 50),
        ("words_of_names", "directory.sweep_names", 4, 10),
    )
}
