"""What a worker does for the app: ids in, one call out; what is missing or done is fine."""

from celery import shared_task

from commitments.reminding import sending


@shared_task(name=sending.TASK, time_limit=60)
def send_mail(mail_id: int) -> None:
    """Send one mail if it is still due."""
    sending.deliver(mail_id)
