"""What people type on the pages of commitments, turned into typed values for the actions."""
