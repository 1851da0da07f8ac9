const part = (id) => document.getElementById(id)
const note = part('note')

async function api(path, init) {
  const response = await fetch(`/api/${path}`, init)
  const answer = await response.json()
  if (response.ok) return answer
  // The session ended: back to the entrance.
  if (answer.needsLogin) location.assign('/')
  throw new Error([answer.message, answer.hint].filter(Boolean).join(' '))
}

function line({ name, email, account }) {
  const item = document.createElement('li')
  const who = document.createElement('strong')
  who.textContent = name
  item.append(who, ` ${[email, account].filter(Boolean).join(' · ')}`)
  return item
}

async function showContacts() {
  const contacts = await api('contacts')
  part('contacts').replaceChildren(...contacts.map(line))
}

async function start() {
  const { person, demo } = await api('me')
  if (person === null) {
    note.textContent = ''
    part('entrance').hidden = false
    part('demo').hidden = demo === null
    if (demo) {
      const names = demo.logins.map(({ username }) => username).join(', ')
      part('demo').textContent =
        `No org is configured: this is a simulated one. Log in as ${names}, with the password ${demo.password}.`
    }
    return
  }
  await showContacts()
  note.textContent = `You are ${person.displayName ?? person.username}.`
  part('book').hidden = false
}

part('add').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = event.currentTarget
  try {
    const body = JSON.stringify(Object.fromEntries(new FormData(form)))
    await api('contacts', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    form.reset()
    await showContacts()
    note.textContent = 'Added.'
  } catch (error) {
    note.textContent = error.message
  }
})

start().catch((error) => {
  note.textContent = error.message
})
