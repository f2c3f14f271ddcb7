/** The flags that name the controller, when they are not given. */
export const CONTROLLER = { controllerNamespace: 'waxwing-system', controllerName: 'waxwing' } as const
