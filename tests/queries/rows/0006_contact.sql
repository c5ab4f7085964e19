-- Rows for the column users.privacy_contact.

UPDATE users SET privacy_contact = 'friends' WHERE id = 1;
