"""Who does the work: processes on this machine, Ray, or Spark. None is of our making, and all leave the same results."""
