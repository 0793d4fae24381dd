"""The gate as a process: what it hears, what it writes, what it counts, how it answers."""
