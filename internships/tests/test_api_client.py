"""The example of docs/api.md does what it says, against a server that listens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from internships.models import Application
from internships.tests import makers
from partnerships.api import actions
from partnerships.common.models import KeptAnswer

SCRIPT = Path(settings.BASE_DIR) / "docs" / "api_client.py"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_example_client_applies_for_a_place_and_can_be_run_again(cast, live_server):
    makers.programme(cast)
    user = cast.user("student")
    _token, secret = actions.make(user, name="nümunə", days=1, writes=True, group="internships")

    def run(word="yarımstansiya", token=secret):
        command = [sys.executable, str(SCRIPT), live_server.url, word, "Şəbəkəni görmək"]
        env = {**os.environ, "PORTAL_TOKEN": token, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert run("nowhere").returncode == 1
    sent, again = run(), run()
    application = Application.objects.get()
    told = f"{application.number}: submitted\n"
    assert (sent.stdout, again.stdout, sent.stderr) == (told, told, "")
    assert (application.state, application.motivation) == ("submitted", "Şəbəkəni görmək")
    assert sorted(KeptAnswer.objects.values_list("status", flat=True)) == [200, 201]
    assert run(token="wrong").stderr.startswith("401 ")
