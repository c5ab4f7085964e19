-- This migration makes no table.

SELECT 1;
