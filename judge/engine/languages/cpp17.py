"""C++17 by g++."""

from judge.engine.languages._cpp import gnu_cpp

LANGUAGE = gnu_cpp(17)
