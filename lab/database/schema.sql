-- The hospital's record system. Identifiers are those printed on labels and sent in messages.
create table professional (
  rpps text primary key,
  family text not null,
  given text not null,
  profession text not null,
  ward text not null
);

create table ward (
  code text primary key,
  label text not null,
  functional_unit text not null unique,
  kind text not null
);

create table bed (
  ward text not null,
  room text not null,
  bed text not null,
  primary key (ward, room, bed)
);

create table patient (
  ipp text primary key,
  birth_name text not null,
  used_name text,
  given_names text not null,
  birth_date date not null,
  sex char(1) not null check (sex in ('M', 'F')),
  birth_place_insee char(5),
  birth_place text,
  ins_matricule text unique,
  ins_oid text,
  ins_status text not null check (ins_status in ('PROV', 'VALI', 'RECUP', 'QUAL')),
  address text,
  postcode text,
  town text,
  phone text,
  updated_at timestamptz not null default now(),
  -- A matricule may be kept and sent only once the identity is qualified.
  check ((ins_matricule is null) = (ins_oid is null)),
  check (ins_matricule is null or ins_status = 'QUAL')
);

create table stay (
  number text primary key,
  patient_ipp text not null,
  class text not null check (class in ('EMER', 'IMP', 'AMB')),
  ward text not null,
  room text,
  bed text,
  admitted_at timestamptz not null,
  discharged_at timestamptz,
  reason text,
  physician_rpps text
);

create table movement (
  id text primary key,
  stay_number text not null,
  event text not null,
  at timestamptz not null,
  ward text not null,
  room text,
  bed text
);

create table allergy (
  id text primary key,
  patient_ipp text not null,
  substance text not null,
  category text,
  criticality text,
  reaction text,
  verification text not null,
  recorded_at timestamptz not null
);

create table prescription (
  id text primary key,
  stay_number text not null,
  patient_ipp text not null,
  atc text not null,
  label text not null,
  dose numeric not null,
  unit text not null,
  route text not null,
  times_per_day integer not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  status text not null check (status in ('active', 'completed', 'stopped')),
  prescriber_rpps text not null
);

create table administration (
  id text primary key,
  prescription_id text not null,
  patient_ipp text not null,
  at timestamptz not null,
  dose numeric not null,
  unit text not null,
  status text not null check (status in ('completed', 'not-done')),
  nurse_rpps text not null
);

create table lab_order (
  id text primary key,
  stay_number text not null,
  patient_ipp text not null,
  panel text not null,
  specimen text,
  ordered_at timestamptz not null,
  status text not null check (status in ('active', 'completed'))
);

create table lab_result (
  id text primary key,
  order_id text not null,
  patient_ipp text not null,
  loinc text not null,
  label text not null,
  value numeric,
  value_text text,
  unit text,
  low numeric,
  high numeric,
  flag char(1),
  at timestamptz not null,
  check (value is not null or value_text is not null)
);

create table operation (
  id text primary key,
  patient_ipp text not null,
  stay_number text,
  room text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  procedure text not null,
  surgeon_rpps text not null,
  anaesthetist_rpps text not null,
  status text not null check (status in ('booked', 'fulfilled', 'cancelled'))
);

-- Reports are plain files beside the application; the database knows where and what they must contain.
create table document (
  id text primary key,
  stay_number text not null,
  patient_ipp text not null,
  title text not null,
  path text not null unique,
  media_type text not null,
  sha256 char(64) not null,
  bytes integer not null,
  written_at timestamptz not null
);

-- One line per HL7 message taken: a message sent again after a lost acknowledgement is acknowledged, not applied twice.
create table hl7_message (
  sender text not null,
  control_id text not null,
  type text not null,
  received_at timestamptz not null default now(),
  primary key (sender, control_id)
);
