"""The browser's code: ES modules, and linker.py, which makes one module of an entry and what it imports."""
