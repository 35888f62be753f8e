"""The Column lab without its page: tasks with a planted truth, their runs, and what the runs say."""
