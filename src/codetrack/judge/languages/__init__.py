"""The languages of the judge: a table, and the compiler that makes sources runnable."""
