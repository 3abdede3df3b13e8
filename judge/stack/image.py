"""The sandbox image: built from the Dockerfile, the languages and the agent, and again only when one of them changed.

The base is debian:bookworm-slim where a registry answers, else a debootstrap of the same release.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from judge.engine.languages import Language, all_languages
from judge.engine.sandbox.image import LANGUAGES_LABEL
from judge.stack import apt, mirrors
from judge.stack.docker_engine import LABEL, docker
from judge.stack.place import ROOT, VAR
from judge.stack.processes import tail, watched
from judge.stack.say import Stop, ready, say, step

TAG = "kodjudge-sandbox"
UNLABELLED = f"{TAG}:unlabelled"
INPUTS = f"{LABEL}.inputs"
RELEASE = "bookworm"
REGISTRY_BASE = f"debian:{RELEASE}-slim"
OWN_BASE = f"kodjudge-base:{RELEASE}"
FOLDER = ROOT / "docker" / "sandbox"
# One file for both ends of the conversation: the agent gets a copy.
PROTOCOL = ROOT / "judge" / "engine" / "sandbox" / "protocol.py"
LOG = VAR / "log" / "image.log"
NEEDED_GB = 8


def ensure() -> None:
    """Make the image match its inputs. Raises Stop."""
    if (own := os.environ.get("SANDBOX_IMAGE", TAG)) != TAG:
        if docker("image", "inspect", own).returncode:
            raise Stop(f"SANDBOX_IMAGE={own} is not on this machine: pull or build it, or unset SANDBOX_IMAGE.")
        ready(f"sandbox image {own} (yours)")
        return
    chosen = choose(os.environ.get("SANDBOX_LANGUAGES", ""))
    recipe = dockerfile(chosen)
    inputs = digest(recipe)
    label = docker("image", "inspect", "--format", f'{{{{index .Config.Labels "{INPUTS}"}}}}', TAG)
    if label.returncode == 0 and label.stdout.strip() == inputs:
        ready(f"sandbox image {TAG}")
        return
    _check_disk()
    with step(f"sandbox image with {', '.join(language.label for language in chosen.values())}, log in {LOG}"):
        _build(recipe, inputs, chosen, _base())


def choose(wanted: str) -> dict[str, Language]:
    """The languages in the comma-separated list ``wanted``, all where it is empty. Raises Stop for an unknown one."""
    known = all_languages()
    keys = [key.strip() for key in wanted.split(",") if key.strip()]
    if unknown := [key for key in keys if key not in known]:
        raise Stop(f"SANDBOX_LANGUAGES names {', '.join(unknown)}; there are: {', '.join(known)}.")
    return {key: known[key] for key in (keys or known)}


def dockerfile(languages: dict[str, Language]) -> str:
    """The Dockerfile with one layer of packages a language, then what its set-up runs."""
    lines = []
    installed: set[str] = set()
    # The largest first: another small language then leaves their layers in the cache.
    for key, language in sorted(languages.items(), key=lambda item: (-item[1].image_mb, item[0])):
        lines.append(f"# {key}: {language.label}")
        if missing := [package for package in language.packages if package not in installed]:
            lines += _packages(key, missing, language.leave_out)
        installed.update(missing)
        lines += [f"RUN {json.dumps(argv)}" for argv in language.setup]
    return (FOLDER / "Dockerfile").read_text().replace("# LANGUAGES\n", "\n".join(lines) + "\n")


def _packages(key: str, packages: list[str], leave_out: tuple[str, ...]) -> list[str]:
    """The lines that install packages without the files that `leave_out` names."""
    lines = ["RUN apt-get $APT_OPTIONS update \\"]
    if leave_out:
        lines.append(f"    && printf 'path-exclude %s\\n' {shlex.join(leave_out)} > /etc/dpkg/dpkg.cfg.d/{key} \\")
    return [
        *lines,
        f"    && apt-get $APT_OPTIONS install -y --no-install-recommends {' '.join(packages)} \\",
        "    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*",
    ]


def digest(recipe: str) -> str:
    """A hash of everything of ours that goes into the image."""
    digest = hashlib.sha256(recipe.encode())
    for path in sorted((FOLDER / "agent").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"\0{path.relative_to(FOLDER)}\0".encode() + path.read_bytes())
    digest.update(PROTOCOL.read_bytes())
    return digest.hexdigest()


def _build(recipe: str, inputs: str, languages: dict[str, Language], base: str) -> None:
    machine = mirrors.of_this_machine()
    arguments = {
        "BASE_IMAGE": base,
        "DEBIAN_MIRROR": machine.debian,
        "SECURITY_MIRROR": machine.security,
        "APT_OPTIONS": " ".join((*machine.options, "-o", "Acquire::https::CAInfo=/etc/ssl/machine.crt")),
        **machine.proxies,
    }
    argv = ["docker", "build", "--network", "host", "--tag", UNLABELLED]
    argv += [f"--build-arg={name}={value}" for name, value in arguments.items()]
    with tempfile.TemporaryDirectory(prefix="kodjudge-image-") as context:
        shutil.copytree(FOLDER / "agent", Path(context, "agent"), ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(PROTOCOL, Path(context, "agent"))
        Path(context, "Dockerfile").write_text(recipe)
        Path(context, "machine.crt").write_bytes(mirrors.certificates())
        # Without buildx the newer command lines must be told to use the engine's own builder.
        buildkit = "1" if docker("buildx", "version").returncode == 0 else "0"
        environment = os.environ | {"DOCKER_BUILDKIT": buildkit, "BUILDKIT_PROGRESS": "plain"}
        if watched([*argv, context], environment, LOG, _show):
            raise Stop(
                f"Building the sandbox image failed. Look at the network and the disk; "
                f"{LOG} ends with:\n{tail(LOG, 12)}"
            )
    _label({LABEL: "sandbox", INPUTS: inputs, LANGUAGES_LABEL: json.dumps(_versions(languages))})


def _versions(languages: dict[str, Language]) -> dict[str, str]:
    """The first line of what each language says of itself in the new image, by key. Raises Stop."""
    found = {}
    for key, language in languages.items():
        asked = docker("run", "--rm", "--network", "none", "--read-only", UNLABELLED, *language.version)
        if asked.returncode or not asked.stdout.strip():
            raise Stop(f"The new sandbox image cannot run {language.label}: {asked.stderr.strip()[-500:]}")
        found[key] = asked.stdout.strip().splitlines()[0]
    return found


def _label(labels: dict[str, str]) -> None:
    """Give the new image its name, with what is known only now. Raises Stop."""
    with tempfile.TemporaryDirectory(prefix="kodjudge-image-") as context:
        Path(context, "Dockerfile").write_text(f"FROM {UNLABELLED}\n")
        words = [f"--label={name}={value}" for name, value in labels.items()]
        if (done := docker("build", "--quiet", "--tag", TAG, *words, context)).returncode:
            raise Stop(f"Naming the sandbox image failed: {done.stderr.strip()[-500:]}")
    docker("rmi", "--no-prune", UNLABELLED)


def _show(line: str) -> None:
    """The builder's steps are progress enough; the rest is in the log."""
    if re.match(r"(Step \d+/\d+ :|#\d+ \[)", line):
        say(f"          {line[:110]}")


def _base() -> str:
    """The tag of a base image on this machine. Raises Stop."""
    for tag in (REGISTRY_BASE, OWN_BASE):
        if docker("image", "inspect", tag).returncode == 0:
            return tag
    with step(f"asking the registry for {REGISTRY_BASE}"):
        try:
            pulled = docker("pull", "--quiet", REGISTRY_BASE, timeout=300)
        except subprocess.TimeoutExpired:
            pulled = None
    if pulled is not None and pulled.returncode == 0:
        return REGISTRY_BASE
    if os.geteuid() != 0:
        raise Stop(
            f"No registry gave {REGISTRY_BASE}, and to make a base image without one takes root. Load the image "
            "(docker load) or run as root:\n    sudo make image"
        )
    _debootstrap()
    return OWN_BASE


def _debootstrap() -> None:
    if shutil.which("debootstrap") is None:
        packages = ("debootstrap", "debian-archive-keyring")
        apt.install(packages, "No registry answers, so the base image is made with debootstrap")
    machine = mirrors.of_this_machine()
    folder = Path(tempfile.mkdtemp(prefix="kodjudge-base-", dir="/var/tmp"))
    try:
        with (
            step(f"no registry answers: debootstrap of {RELEASE} from {machine.debian or 'its own mirror'}"),
            LOG.open("w") as log,
        ):
            made = subprocess.run(
                ["debootstrap", "--variant=minbase", RELEASE, str(folder), *filter(None, [machine.debian])],
                env=os.environ | machine.proxies,
                stdout=log,
                stderr=log,
                check=False,
            )
            if made.returncode:
                raise Stop(f"debootstrap failed. Look at the network; its words are in {LOG}.")
            (folder / "var/cache/apt/archives").mkdir(parents=True, exist_ok=True)
            subprocess.run(["chroot", str(folder), "apt-get", "clean"], stdout=log, stderr=log, check=True)
            pack = subprocess.Popen(["tar", "-C", str(folder), "--numeric-owner", "-c", "."], stdout=subprocess.PIPE)
            loaded = subprocess.run(
                ["docker", "import", "-", OWN_BASE], stdin=pack.stdout, stdout=log, stderr=log, check=False
            )
            if pack.wait() or loaded.returncode:
                raise Stop(f"The base image could not be loaded; the reason is in {LOG}.")
    finally:
        # debootstrap mounts /proc in there; an interrupted one may have left it.
        subprocess.run(["umount", "-q", str(folder / "proc"), str(folder / "sys")], capture_output=True, check=False)
        subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=False)


def _check_disk() -> None:
    root = docker("info", "--format", "{{.DockerRootDir}}").stdout.strip()
    if root and Path(root).is_dir() and (free := shutil.disk_usage(root).free / 1e9) < NEEDED_GB:
        raise Stop(f"The sandbox image needs {NEEDED_GB} GB in {root}, and {free:.1f} GB are free. Make room.")
