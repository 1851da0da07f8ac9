import type { SeedRecord } from './seed.ts'

type Company = readonly [
  name: string,
  industry: string,
  city: string,
  country: string,
  employees: number,
  revenueInMillions: number,
]

const companies: readonly Company[] = [
  ['Northwind Harbour', 'Transportation', 'Rotterdam', 'Netherlands', 410, 52],
  ['Bluefin Robotics Works', 'Manufacturing', 'Turin', 'Italy', 230, 31],
  ['Cedar & Sons Joinery', 'Construction', 'Galway', 'Ireland', 38, 4],
  ['Solstice Energy', 'Energy', 'Seville', 'Spain', 1900, 640],
  ['Lindqvist Instruments', 'Manufacturing', 'Uppsala', 'Sweden', 145, 22],
  ['Paper Kite Studio', 'Media', 'Lisbon', 'Portugal', 17, 2],
  ['Orchard Street Clinic', 'Healthcare', 'Leeds', 'United Kingdom', 96, 9],
  ['Halcyon Freight', 'Transportation', 'Antwerp', 'Belgium', 780, 120],
  ['Mirabel Foods', 'Food & Beverage', 'Lyon', 'France', 320, 48],
  ['Tallgrass Insurance', 'Insurance', 'Omaha', 'United States', 2600, 910],
  ['Ferrous Metalworks', 'Manufacturing', 'Essen', 'Germany', 540, 77],
  ['Quill & Compass Travel', 'Hospitality', 'Edinburgh', 'United Kingdom', 44, 6],
  ['Novak Biolabs', 'Biotechnology', 'Brno', 'Czech Republic', 210, 39],
  ['Saltmarsh Outfitters', 'Retail', 'Portland', 'United States', 130, 18],
  ['Kestrel Avionics', 'Technology', 'Toulouse', 'France', 870, 205],
  ['Greenlane Bicycles', 'Retail', 'Utrecht', 'Netherlands', 62, 8],
  ['Aurora Textiles', 'Apparel', 'Porto', 'Portugal', 290, 33],
  ['Pinnacle Grain', 'Agriculture', 'Saskatoon', 'Canada', 155, 41],
  ['Cobalt Software', 'Technology', 'Tallinn', 'Estonia', 88, 14],
  ['Hearth & Stone Homes', 'Construction', 'Boise', 'United States', 350, 66],
  ['Vireo Media', 'Media', 'Dublin', 'Ireland', 73, 11],
  ['Ostrava Chemicals', 'Chemicals', 'Ostrava', 'Czech Republic', 620, 140],
  ['Lumen Opticians', 'Healthcare', 'Ghent', 'Belgium', 51, 5],
  ['Silverbrook Dairies', 'Food & Beverage', 'Exeter', 'United Kingdom', 180, 27],
  ['Meridian Surveyors', 'Consulting', 'Perth', 'Australia', 35, 4],
  ['Falcon Ridge Wines', 'Food & Beverage', 'Napa', 'United States', 58, 12],
  ['Kobayashi Ceramics', 'Manufacturing', 'Nagoya', 'Japan', 97, 15],
  ['Riverbend Utilities', 'Utilities', 'Basel', 'Switzerland', 1250, 380],
  ['Tern Island Ferries', 'Transportation', 'Bergen', 'Norway', 205, 29],
  ['Wildflower Cosmetics', 'Retail', 'Grasse', 'France', 112, 21],
]

type Person = readonly [firstName: string, lastName: string, title: string, department: string, company: number]

const people: readonly Person[] = [
  ['Ingrid', 'Vester', 'Chief Financial Officer', 'Finance', 0],
  ['Mateo', 'Arroyo', 'Operations Manager', 'Operations', 7],
  ['Sorcha', 'Byrne', 'Buyer', 'Purchasing', 14],
  ['Bram', 'Kuipers', 'Head of IT', 'Technology', 21],
  ['Yuki', 'Tanabe', 'Sales Director', 'Sales', 28],
  ['Paola', 'Ricci', 'Office Manager', 'Administration', 5],
  ['Henrik', 'Dahl', 'Head of Logistics', 'Logistics', 12],
  ['Amara', 'Okafor', 'Managing Director', 'Management', 19],
  ['Colm', 'Doyle', 'Chief Financial Officer', 'Finance', 26],
  ['Leila', 'Haddad', 'Operations Manager', 'Operations', 3],
  ['Tomas', 'Novotny', 'Buyer', 'Purchasing', 10],
  ['Freya', 'Lund', 'Head of IT', 'Technology', 17],
  ['Niko', 'Pappas', 'Sales Director', 'Sales', 24],
  ['Rosalind', 'Whitlock', 'Office Manager', 'Administration', 1],
  ['Dario', 'Ferri', 'Head of Logistics', 'Logistics', 8],
  ['Hanne', 'Berg', 'Managing Director', 'Management', 15],
  ['Viktor', 'Sokolov', 'Chief Financial Officer', 'Finance', 22],
  ['Celeste', 'Marchand', 'Operations Manager', 'Operations', 29],
  ['Owen', 'Price', 'Buyer', 'Purchasing', 6],
  ['Mirela', 'Ionescu', 'Head of IT', 'Technology', 13],
  ['Anselm', 'Krug', 'Sales Director', 'Sales', 20],
  ['Priya', 'Menon', 'Office Manager', 'Administration', 27],
  ['Lucien', 'Duval', 'Head of Logistics', 'Logistics', 4],
  ['Saskia', 'Jansen', 'Managing Director', 'Management', 11],
  ['Jonah', 'Reed', 'Chief Financial Officer', 'Finance', 18],
  ['Elif', 'Aydin', 'Operations Manager', 'Operations', 25],
  ['Marek', 'Zielinski', 'Buyer', 'Purchasing', 2],
  ['Tove', 'Holm', 'Head of IT', 'Technology', 9],
  ['Callum', 'Fraser', 'Sales Director', 'Sales', 16],
  ['Renata', 'Costa', 'Office Manager', 'Administration', 23],
  ['Felix', 'Brandt', 'Head of Logistics', 'Logistics', 0],
  ['Odile', 'Perrin', 'Managing Director', 'Management', 7],
  ['Kasper', 'Moller', 'Chief Financial Officer', 'Finance', 14],
  ['Nadia', 'Karim', 'Operations Manager', 'Operations', 21],
  ['Emrys', 'Vaughan', 'Buyer', 'Purchasing', 28],
  ['Bettina', 'Huber', 'Head of IT', 'Technology', 5],
  ['Ruben', 'Prins', 'Sales Director', 'Sales', 12],
  ['Signe', 'Eklund', 'Office Manager', 'Administration', 19],
  ['Alma', 'Torres', 'Head of Logistics', 'Logistics', 26],
  ['Piotr', 'Wrona', 'Managing Director', 'Management', 3],
]

const owners = ['ada@acme.example', 'grace@acme.example']

function domainOf(company: string): string {
  return `${company.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.example`
}

function companyAt(index: number): Company {
  const company = companies[index]
  if (!company) throw new RangeError(`There is no company ${index}.`)
  return company
}

function ownerOf(index: number): string {
  return owners[index % owners.length] ?? 'ada@acme.example'
}

export const defaultAccounts: readonly SeedRecord[] = companies.map(
  ([name, industry, city, country, employees, revenue], index) => ({
    Name: name,
    Type: index % 3 === 0 ? 'Prospect' : 'Customer - Direct',
    Industry: industry,
    Phone: `+1 555 01${String(index).padStart(2, '0')}`,
    Website: `https://www.${domainOf(name)}`,
    AccountNumber: `A-${1001 + index}`,
    AnnualRevenue: revenue * 1_000_000,
    NumberOfEmployees: employees,
    BillingCity: city,
    BillingCountry: country,
    Owner: ownerOf(index),
  }),
)

export const defaultContacts: readonly SeedRecord[] = people.map(
  ([firstName, lastName, title, department, company], index) => {
    const [name, , city, country] = companyAt(company)
    return {
      FirstName: firstName,
      LastName: lastName,
      Title: title,
      Department: department,
      Email: `${firstName}.${lastName}@${domainOf(name)}`.toLowerCase(),
      Phone: `+1 555 02${String(index).padStart(2, '0')}`,
      MailingCity: city,
      MailingCountry: country,
      Account: name,
      Owner: ownerOf(index),
    }
  },
)
