"""Resource use and its index, judged on worlds whose answer is known beforehand."""
