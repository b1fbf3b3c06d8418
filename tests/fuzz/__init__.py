"""Whatever is fed to the program, it answers or refuses in one line, soon."""
