"""Why a field is as it is, and what a generated file does: from the plan, the code and facts."""
