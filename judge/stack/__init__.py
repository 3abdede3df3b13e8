"""What `make` calls: brings the product, its servers and its tests up on a machine, and down again.

In charge of: the virtual environment, the front-end bundle, the embedded servers, the Docker engine, the sandbox image,
and the processes of a running KodJudge. Not in charge of: anything that those processes do.

Everything here is standard library only, because it runs before the virtual environment exists.
"""
