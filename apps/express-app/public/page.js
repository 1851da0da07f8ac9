// Everything here only makes faster what the plain forms of the page do without it.

const results = document.getElementById('results')
const search = document.querySelector('form.search')
let latest

if (results && search) {
  search.addEventListener('submit', (event) => {
    event.preventDefault()
    void find()
  })
  search.q.addEventListener('input', debounced(find, 250))
  results.addEventListener('toggle', whenToggled, { capture: true })
  results.addEventListener('keydown', closeOnEscape)
  results.addEventListener('click', ({ target }) => {
    if (target.closest('[data-cancel]')) close(target.closest('details'))
  })
  results.addEventListener('submit', (event) => {
    event.preventDefault()
    void rename(event.target)
  })
}

function ask(path, init = {}) {
  return fetch(path, { ...init, headers: { 'x-requested-with': 'fetch' } })
}

async function find() {
  latest?.abort()
  latest = new AbortController()
  const { signal } = latest
  const query = new URLSearchParams({ q: search.q.value })
  try {
    const response = await ask(`/accounts?${query}`, { signal })
    const text = await response.text()
    if (signal.aborted) return
    if (response.ok) {
      results.innerHTML = text
      announce(results.querySelector('.count')?.textContent)
      history.replaceState(null, '', search.q.value === '' ? '/' : `/?${query}`)
    } else {
      tell(JSON.parse(text))
    }
  } catch (error) {
    if (error.name !== 'AbortError') tell({ message: 'This app did not answer. Is it still running?' })
  }
}

async function rename(form) {
  const details = form.closest('details')
  const problem = details.querySelector('.problem')
  const save = form.querySelector('[type=submit]')
  save.disabled = true
  problem.textContent = ''
  form.name.removeAttribute('aria-invalid')
  try {
    const response = await ask(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
    const answer = await response.json()
    if (response.ok) show(details, answer.name)
    else if (answer.needsLogin) sessionEnded()
    else refuse(answer.message)
  } catch {
    refuse('This app did not answer. Is it still running?')
  }
  save.disabled = false

  function refuse(message) {
    problem.textContent = message
    form.name.setAttribute('aria-invalid', 'true')
    form.name.focus()
  }
}

function show(details, name) {
  const input = details.querySelector('input[name=name]')
  details.parentElement.querySelector('.name').textContent = name
  details.querySelector('summary').setAttribute('aria-label', `Rename ${name}`)
  input.setAttribute('aria-label', `New name for ${name}`)
  input.defaultValue = name
  close(details)
  announce(`Saved: ${name}.`)
  results.querySelector('.count').textContent = `Saved: ${name}.`
}

// Live regions speak only when they were there before their text.
function announce(text) {
  document.getElementById('status').textContent = text ?? ''
}

function close(details) {
  details.querySelector('form').reset()
  details.querySelector('.problem').textContent = ''
  details.open = false
  details.querySelector('summary').focus()
}

function whenToggled({ target }) {
  if (!target.matches('details.rename') || !target.open) return
  target.querySelector('[data-cancel]').hidden = false
  const input = target.querySelector('input[name=name]')
  input.focus()
  input.select()
}

function closeOnEscape(event) {
  const details = event.target.closest('details.rename[open]')
  if (event.key === 'Escape' && details) close(details)
}

function tell({ message, needsLogin }) {
  if (needsLogin) {
    sessionEnded()
    return
  }
  const problem = document.createElement('p')
  problem.className = 'problem'
  problem.setAttribute('role', 'alert')
  problem.textContent = message
  results.replaceChildren(problem)
}

function sessionEnded() {
  const main = document.getElementById('main')
  if (main.querySelector(':scope > .problem')) return
  main.prepend(document.getElementById('session-ended').content.cloneNode(true))
  main.querySelector('.problem a').focus()
}

function debounced(work, wait) {
  let timer
  return () => {
    clearTimeout(timer)
    timer = setTimeout(() => work(), wait)
  }
}
