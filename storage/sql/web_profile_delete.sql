delete from model_profiles where id = $1
