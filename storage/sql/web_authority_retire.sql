update certificate_authorities set status = 'retired', retired_at = $1 where status = 'active'
