"""A real mail server for tests: Postfix, with folders and a port of its own.

Only root can start it. It delivers what is for example.org into one Maildir, and writes nothing
outside its folder. The daemon of the system, if there is one, is not touched.
"""

import email
import email.policy
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

from realm import connectable, free_port, wait_until

DAEMONS = pathlib.Path("/usr/lib/postfix/sbin")
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop",
          "pid", "private", "public", "saved", "trace")

MAIN = """
compatibility_level = 3.6
queue_directory = {0}/queue
data_directory = {0}/data
daemon_directory = {1}
maillog_file = {0}/log
maillog_file_prefixes = {0}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.org
mydestination =
alias_maps =
strict_rfc821_envelopes = yes
smtpd_helo_required = yes
smtpd_relay_restrictions = reject_unauth_destination
smtpd_delay_reject = no
virtual_mailbox_domains = example.org
virtual_mailbox_base = {0}/mail
virtual_mailbox_maps = static:all/
virtual_minimum_uid = 1
virtual_uid_maps = static:{2}
virtual_gid_maps = static:{3}
"""

# service, type, private, unprivileged, chroot, wakeup, most processes, program
MASTER = """
127.0.0.1:{0} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def obstacle():
    """Why it cannot run, or None."""
    if not (DAEMONS / "master").exists():
        return "postfix is not installed"
    return None if os.geteuid() == 0 else "only root can start postfix"


class Postfix:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aeon-postfix."))
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.process = None
        owner = pwd.getpwnam("postfix")
        self.folder.chmod(0o755)
        for name in ("queue", "data", "mail", *(f"queue/{queue}" for queue in QUEUES)):
            (self.folder / name).mkdir()
            if name != "queue":
                os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        (self.folder / "main.cf").write_text(
            MAIN.format(self.folder, DAEMONS, owner.pw_uid, owner.pw_gid))
        (self.folder / "master.cf").write_text(MASTER.format(self.port))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        self.process = subprocess.Popen([DAEMONS / "master", "-c", self.folder, "-s"],
                                        stdin=subprocess.DEVNULL, start_new_session=True)
        wait_until(lambda: connectable(("127.0.0.1", self.port)), "postfix", self.process)

    def stop(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait()
            self.process = None

    @property
    def mails(self):
        """All mails that were delivered."""
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in sorted(self.folder.glob("mail/all/new/*"))]
