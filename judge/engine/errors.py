"""OUR faults, and only those: a submitter's failure is a Verdict, never an exception.

EngineError
├── CheckerFailed           a curator's checker program has a fault: retrying cannot help
├── ConfigurationError      asked for something that is not there: retrying cannot help
│   ├── UnknownLanguage
│   ├── UnknownChecker
│   ├── ReservedOwner
│   └── ImageMissing        the sandbox image is not built (`make up` builds it)
└── SandboxError            the sandbox failed us: worth another attempt in a fresh one
    ├── EngineUnavailable   the Docker daemon does not answer
    └── SandboxLost         a container died or broke the protocol without the submission being to blame
"""


class EngineError(Exception):
    """Base of everything the engine raises on purpose."""


class CheckerFailed(EngineError):
    """A checker program does not compile, crashed, ran into its limits or gave a verdict that is none."""


class ConfigurationError(EngineError):
    """Something that was asked for does not exist here."""


class UnknownLanguage(ConfigurationError):
    """No such language key, or the sandbox image was built without it."""


class UnknownChecker(ConfigurationError):
    """No such checker name."""


class ReservedOwner(ConfigurationError):
    """A submission's owner may not be named like one of the engine's own."""


class ImageMissing(ConfigurationError):
    """The sandbox image is not there."""


class SandboxError(EngineError):
    """The sandbox failed; the submission is not to blame."""


class EngineUnavailable(SandboxError):
    """The Docker daemon does not answer."""


class SandboxLost(SandboxError):
    """A container ended or answered nonsense in the middle of a run."""
