// Shows the check while it runs. The browser reconnects by itself when the events break off, and says where it was.
const start = document.querySelector('#start')
const [section, progress, summary, list] = ['#check', '#progress', '#summary', '#customers'].map((id) =>
  document.querySelector(id),
)

start?.addEventListener('click', () => {
  start.disabled = true
  section.hidden = false
  list.replaceChildren()
  progress.value = 0
  const events = new EventSource('/check/events')
  const finish = (text) => {
    events.close()
    start.disabled = false
    start.textContent = 'Check again'
    summary.textContent = text
  }
  events.addEventListener('begin', ({ data }) => {
    progress.max = JSON.parse(data).total
    summary.textContent = 'Asking Salesforce …'
  })
  events.addEventListener('customer', ({ data }) => {
    list.append(row(JSON.parse(data)))
    progress.value = list.children.length
  })
  events.addEventListener('done', () => finish(verdict()))
  events.addEventListener('stopped', ({ data }) => finish(JSON.parse(data).message))
  events.addEventListener('error', () => {
    // Only an answer that is no stream ends it: nobody is logged in any more, or Salesforce is down.
    if (events.readyState === EventSource.CLOSED) finish('The check was interrupted. Reload the page to go on.')
  })
})

function row({ name, people }) {
  const item = document.createElement('li')
  const risky = people.length < 2
  item.className = risky ? 'risky' : 'safe'
  const title = document.createElement('strong')
  title.textContent = name
  const who = document.createElement('span')
  const known = people.map((person) => `${person.name}, ${person.title}`).join(' · ') || 'nobody'
  who.textContent = risky ? `only ${known}` : known
  item.append(title, who)
  return item
}

function verdict() {
  const risky = list.querySelectorAll('.risky').length
  return `${risky} of ${list.children.length} customers hang by one thread.`
}
