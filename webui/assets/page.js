// Behaviour of every page. All pages work without it.
import {
  Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios,
  ServiceNavigation, SkipLink, createAll,
} from 'govuk-frontend'
import { startConditions } from './conditions.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
for (const component of [
  Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios,
  ServiceNavigation, SkipLink,
]) createAll(component)
startConditions(document)
