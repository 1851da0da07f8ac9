const PAGE_HOST =
  /^(?:[a-z0-9-]+\.)+(?:(?:visual|document)?force\.com|salesforce\.com|my\.site\.com|salesforce\.mil|crmforce\.mil|sfcrmproducts\.cn|sfcrmapps\.cn|my-salesforce\.com|my-lightning\.com)$/

/** Whether Salesforce shows an org's pages at a host. */
export function isPageHost(host: string): boolean {
  return PAGE_HOST.test(host)
}
