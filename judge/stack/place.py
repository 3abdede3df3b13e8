"""Where things lie: one `Place` holds the data, sockets and logs of one set of servers."""

from dataclasses import dataclass
from pathlib import Path

from judge.stack.say import Stop

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = ROOT / ".venv"

# sockaddr_un holds 108 bytes with the closing NUL.
MAX_SOCKET_PATH = 107


@dataclass(frozen=True, slots=True)
class Place:
    """A folder for one set of embedded servers. ``durable`` is False where a power cut may cost the data."""

    base: Path
    durable: bool = True

    @property
    def run(self) -> Path:
        """Sockets and pid files."""
        return self.base / "run"

    @property
    def log(self) -> Path:
        """One log file a process."""
        return self.base / "log"

    @property
    def postgres_data(self) -> Path:
        """The database cluster."""
        return self.base / "postgres"

    @property
    def broker_data(self) -> Path:
        """The broker's append-only file."""
        return self.base / "broker"

    @property
    def broker_socket(self) -> Path:
        """Where the broker listens."""
        return self.run / "broker.sock"

    @property
    def postgres_socket(self) -> Path:
        """Where Postgres listens; clients name the folder."""
        return self.run / ".s.PGSQL.5432"

    @property
    def database_url(self) -> str:
        """DATABASE_URL of the embedded Postgres."""
        return f"postgresql://judge@/judge?host={self.run}"

    @property
    def broker_url(self) -> str:
        """BROKER_URL of the embedded broker."""
        return f"redis+socket://{self.broker_socket}"

    def make(self) -> None:
        """Create the folders, closed to other users. Raises Stop where a socket's path would be too long."""
        longest = max(len(bytes(path)) for path in (self.postgres_socket, self.broker_socket))
        if longest > MAX_SOCKET_PATH:
            raise Stop(
                f"The path {self.run} is {longest - MAX_SOCKET_PATH} bytes too long for a socket. Move the project to "
                "a folder with a shorter path, or set DATABASE_URL and BROKER_URL to servers of your own."
            )
        for folder in (self.base, self.run, self.log):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def place(name: str = "") -> Place:
    """The product's own place, or a separate one called ``name`` under var/."""
    return Place(VAR / name, durable=False) if name else Place(VAR)
