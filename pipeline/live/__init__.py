"""What people see and do once an integration runs: failures, recovery, runs by hand, removal."""
