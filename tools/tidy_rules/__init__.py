"""The rules of tools/tidy.py: one module per subject, one function per rule."""
