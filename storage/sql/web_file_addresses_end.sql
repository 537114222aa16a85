-- All open addresses of an image: it is deleted, or gets another.
update file_addresses set status = 'ended', updated_at = $2 where firmware_id = $1 and status = 'open'
