INSERT INTO pools (name, settings)
SELECT name, settings::json FROM unnest($1::text[], $2::text[]) AS u (name, settings)
ON CONFLICT (name) DO UPDATE SET settings = excluded.settings
