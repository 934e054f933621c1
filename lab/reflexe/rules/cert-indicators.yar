// Indicators as a CERT sends them to the hospitals it warns: an address and a mark of one intrusion, which no rule of ours can know.
// Of the laboratory's own implant: the address is of a domain that never exists.

rule cert_stats_housekeeping_beacon
{
  meta:
    description = "Beacon posing as PostgreSQL housekeeping"
    source = "CERT, indicators of the laboratory's drill"
  strings:
    $address = "stats.releve-meteo.invalid" ascii wide
    $mark = "VS-7f31c0" ascii wide
  condition:
    any of them
}
