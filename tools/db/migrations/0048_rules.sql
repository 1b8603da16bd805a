-- Rules that people state on topics without a product, and those that they switched off: a rule
-- that is learnt anew stays off.
alter table quality_rules
    add column stated_by text,
    add column switched_by text;    -- who switched it on or off last; null where nobody did
