"""Pages: public places, applying, an application, and what coordinators and companies do."""
