"""Makes the project's own Python environment and installs the Skyloom backend into it.

Run by the editor, apart from it: the editor may reload its code meanwhile, and finds the progress in the status file.
Also runs on Pythons that are too old, to say so.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time

OLDEST = (3, 10)
STAMP = "skyloom-environment.json"
POLL_SECONDS = 0.1
CHECK = "import skyloom; print(skyloom.__version__)"


class Failed(Exception):
    """A step went wrong; the message is for people."""


class Cancelled(Exception):
    """The cancel file appeared."""


class Status:
    """The status file: step, message, version, pid; its time says that somebody is still at work."""

    def __init__(self, path, cancel):
        self.path = path
        self.cancel = cancel
        self.beat_at = 0.0

    def say(self, step, message, version=""):
        """Replace the file in one go."""
        print(f"[skyloom] {step}: {message}", flush=True)
        content = {"step": step, "message": message, "version": version, "pid": os.getpid()}
        beside = self.path + ".tmp"
        with open(beside, "w", encoding="utf-8") as file:
            json.dump(content, file)
        for attempt in range(50):
            try:
                os.replace(beside, self.path)
                return
            except PermissionError:
                # Windows: the editor reads it at this moment.
                if attempt == 49:
                    raise
                time.sleep(0.05)

    def beat(self):
        """Say that work goes on; raises Cancelled when it should not."""
        if os.path.exists(self.cancel):
            raise Cancelled
        if time.monotonic() - self.beat_at > 1:
            self.beat_at = time.monotonic()
            os.utime(self.path)


def run(status, command, capture=False):
    """Run a program to its end and return its output; its messages go to the log. Raises Failed, Cancelled."""
    print("[skyloom] $ " + " ".join(command), flush=True)
    # A group of its own: pip starts git and build tools, which have to go with it.
    options = {"start_new_session": True} if os.name == "posix" else {}
    output = subprocess.PIPE if capture else None
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            **options,
        )
    except OSError as error:
        raise Failed(f"{command[0]} cannot be run: {error}") from error
    try:
        while process.poll() is None:
            status.beat()
            time.sleep(POLL_SECONDS)
    except BaseException:
        end(process)
        raise
    text = process.stdout.read() if capture else ""
    if process.returncode != 0:
        print(text, flush=True)
        raise Failed(f"exit code {process.returncode}")
    return text


def end(process):
    """End a process with everything that it started."""
    if os.name == "posix":
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(5)
                return
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue
    else:
        subprocess.call(["taskkill", "/PID", str(process.pid), "/T", "/F"])


def where_from(index):
    """Options of pip: an index's address, or a folder of wheels, which then is the only source."""
    if not index:
        return []
    if os.path.isdir(index):
        return ["--no-index", "--find-links", index]
    return ["--index-url", index]


def python_in(folder):
    """The environment's interpreter."""
    return os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")


def clear(folder):
    """Remove an environment, and nothing else."""
    if not os.path.exists(folder):
        return
    if os.path.isdir(folder) and not os.listdir(folder):
        return
    if not os.path.exists(os.path.join(folder, "pyvenv.cfg")):
        raise Failed(f"{folder} is there and is no Python environment; remove it or rename it")
    shutil.rmtree(folder)


def install(status, folder, source, index):
    """All steps; returns the version that is now installed."""
    if sys.version_info[:2] < OLDEST:
        raise Failed(f"Python {sys.version.split()[0]} is too old; Skyloom needs {OLDEST[0]}.{OLDEST[1]} or newer")
    status.say("environment", "Making a Python environment")
    clear(folder)
    try:
        run(status, [sys.executable, "-m", "venv", folder])
    except Failed as error:
        raise Failed(f"no environment could be made ({error}); on Debian and Ubuntu install python3-venv") from error
    status.say("install", "Installing the backend and what it needs")
    pip = [
        python_in(folder),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    try:
        run(status, pip + where_from(index) + [source])
    except Failed as error:
        raise Failed(f"pip could not install {source} ({error}); the log says why") from error
    status.say("check", "Trying the backend")
    try:
        lines = run(status, [python_in(folder), "-c", CHECK], capture=True).split()
    except Failed as error:
        raise Failed(f"what was installed is not the Skyloom backend, or does not run here ({error})") from error
    version = lines[-1] if lines else ""
    with open(os.path.join(folder, STAMP), "w", encoding="utf-8") as file:
        json.dump({"version": version, "source": source, "python": sys.version.split()[0]}, file)
    return version


def main():
    """Run by the editor; the exit status only says whether it went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, help="the environment to make; one that is there is replaced")
    parser.add_argument("--status", required=True, help="JSON file to write")
    parser.add_argument("--cancel", required=True, help="stop when this file appears")
    parser.add_argument("--source", required=True, help="what pip is to install: name, address or path")
    parser.add_argument("--index", default="", help="address of a package index, or a folder of wheels")
    given = parser.parse_args()
    status = Status(given.status, given.cancel)
    try:
        version = install(status, given.folder, given.source, given.index)
    except Cancelled:
        status.say("cancelled", "Cancelled")
        return 1
    except (Failed, OSError) as error:
        status.say("failed", str(error))
        return 1
    status.say("done", "Installed", version)
    return 0


if __name__ == "__main__":
    sys.exit(main())
