select exists (select from local_list_rules where rule <> 'empty')
