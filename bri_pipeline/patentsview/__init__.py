"""PatentsView's pre-grant tables (product PVPGPUBDIS) read into the record form."""
